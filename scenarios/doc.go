// Package scenarios holds executable specifications: each .txtar file is a partner programme that the
// service must be able to run, a small world as sheets, questions, and the expected answers. They run
// the real program in processes of its own.
package scenarios
