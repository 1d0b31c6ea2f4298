package resolvers

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"valueweb/graph"
	"valueweb/graph/stream"
)

// A plan is how subscriptions are answered that ask the same. There are thousands of them that wait most of the time,
// while what the executor needs to answer a message is many times what a stream needs to wait: so they take turns with
// it.
type plan struct {
	plans     *plans
	key       string
	users     int                       // of the plans
	operation *graphql.OperationContext // of the first who asked so
	alike     bool                      // who is told alike is answered alike
	shown     bool                      // whether the nodes themselves are in the answer, customers among them

	mu   sync.Mutex
	idle []*execution
}

// mostIdle is how many executions a plan keeps.
const mostIdle = 4

// execution is what the executor needs to answer a message, one at a time.
type execution struct {
	answer graphql.ResponseHandler
	// What the resolver fills in.
	put   func(stream.Message) []graph.Node // puts a message into the channel, and returns the nodes that it holds
	field *graphql.FieldContext
	place string
	shown bool
}

type executionKey struct{}

// plans finds the plan of a subscription.
type plans struct {
	mu sync.Mutex
	of map[string]*plan
}

// join gives a subscription that has begun its plan, and the plan its execution.
func (p *plans) join(o *operation, operation *graphql.OperationContext, first *execution) {
	key := planKey(operation)
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.of[key]
	if known == nil {
		known = &plan{plans: p, key: key, operation: operation, alike: answersAlike(operation), shown: first.shown}
		if p.of == nil {
			p.of = map[string]*plan{}
		}
		p.of[key] = known
	}
	known.users++
	known.give(first)
	o.plan = known
}

// leave lets go of a plan, once for each who has joined it.
func (p *plan) leave() {
	p.plans.mu.Lock()
	defer p.plans.mu.Unlock()
	if p.users--; p.users == 0 {
		delete(p.plans.of, p.key)
	}
}

// planKey names what decides how a message is answered: the text, and the variables, but for those that say only what
// the stream is of and where it begins.
func planKey(operation *graphql.OperationContext) string {
	used := map[string]any{}
	note := func(arguments ast.ArgumentList) {
		for _, argument := range arguments {
			variablesIn(argument.Value, operation.Variables, used)
		}
	}
	var below func(set ast.SelectionSet, root bool)
	below = func(set ast.SelectionSet, root bool) {
		for _, selection := range set {
			var directives ast.DirectiveList
			switch s := selection.(type) {
			case *ast.Field:
				if directives = s.Directives; !root {
					note(s.Arguments)
				}
				below(s.SelectionSet, false)
			case *ast.InlineFragment:
				directives = s.Directives
				below(s.SelectionSet, root)
			case *ast.FragmentSpread:
				directives = s.Directives
				below(s.Definition.SelectionSet, root)
			}
			for _, directive := range directives {
				note(directive.Arguments)
			}
		}
	}
	below(operation.Operation.SelectionSet, true)
	text, err := json.Marshal([]any{operation.RawQuery, operation.Operation.Name, used})
	if err != nil {
		panic(err) // what came as JSON can be written
	}
	return string(text)
}

// variablesIn adds the variables of a value to those that are used.
func variablesIn(value *ast.Value, variables, used map[string]any) {
	if value.Kind == ast.Variable {
		used[value.Raw] = variables[value.Raw]
	}
	for _, child := range value.Children {
		variablesIn(child.Value, variables, used)
	}
}

// take returns an execution that nobody else uses, nil where there is none for the context is done.
func (p *plan) take(ctx context.Context, o *operation) *execution {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		x := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return x
	}
	p.mu.Unlock()
	x := &execution{}
	o.holder.exec.DispatchOperation(context.WithValue(context.WithValue(ctx, operationKey{}, o), executionKey{}, x), p.operation)
	if x.put == nil {
		return nil
	}
	return x
}

// give takes an execution back.
func (p *plan) give(x *execution) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) < mostIdle {
		p.idle = append(p.idle, x)
	}
}
