package world

import "strconv"

// organisationID is made of the name or, in a numbered world, of the number i among so many.
func (w *world) organisationID(prefix string, i, of int, name string) string {
	if w.numbered {
		return number(prefix, i+1, of)
	}
	return slug(name)
}

func (w *world) customerID(i int) string {
	if w.numbered {
		return number("c", i+1, w.spec.customers)
	}
	return w.customer(i).id
}

// partID names a part of what owns it: by its own name or, in a numbered world, by a letter and its number n, from 0.
func (w *world) partID(owner, name, letter string, n int) string {
	if w.numbered {
		return owner + "-" + letter + strconv.Itoa(n+1)
	}
	return owner + "--" + name
}
