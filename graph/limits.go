package graph

import "unicode/utf8"

// CheckTexts refuses a node whose name is missing or whose texts are longer than MaxName, or
// MaxDescription for a description (1-graph.md, invariant 7). Every store checks it.
func CheckTexts(node Node) error {
	switch n := node.(type) {
	case *Region:
		return checkName("name", n.Name)
	case *Competency:
		return firstError(checkName("name", n.Name), checkLength("aliases", MaxName, n.Aliases...), checkLength("description", MaxDescription, n.Description))
	case *Partner:
		return firstError(checkName("name", n.Name), checkLength("aliases", MaxName, n.Aliases...), checkLength("tags", MaxName, n.Tags...))
	case *Office:
		return checkLength("name", MaxName, n.Name, n.Address, n.City)
	case *Customer:
		return firstError(checkName("name", n.Name), checkLength("segment", MaxName, n.Segment, n.Industry))
	case *Site:
		return checkLength("name", MaxName, n.Name, n.City)
	case *Contact:
		return firstError(checkName("name", n.Name), checkLength("email", MaxName, n.Email, n.Phone))
	case *Holding:
		return checkLength("offer", MaxName, n.Offers...)
	case *Certification:
		return checkLength("scheme", MaxName, n.Scheme, n.Level, n.Issuer)
	case *Solution:
		return firstError(checkName("name", n.Name), checkLength("description", MaxDescription, n.Description))
	case *Partnership:
		return checkLength("kind", MaxName, n.Form, n.Sponsor, n.Manager)
	case *Opportunity:
		return checkName("title", n.Title)
	}
	return nil
}

func checkName(field, name string) error {
	if name == "" {
		return Invalid(field, "a %s is required", field)
	}
	return checkLength(field, MaxName, name)
}

func checkLength(field string, most int, texts ...string) error {
	for _, text := range texts {
		if len(text) > most && utf8.RuneCountInString(text) > most {
			return Invalid(field, "a text of %d characters is too long: %d are allowed", utf8.RuneCountInString(text), most)
		}
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
