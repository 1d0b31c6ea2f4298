package network

import "slices"

// splice merges changes into a list in ascending order and returns a new one. A change takes the place of
// the element that it equals, the last of several counts, and one that is gone leaves no element.
func splice[T any](list, changes []T, compare func(a, b T) int, gone func(T) bool) []T {
	if len(changes) == 0 {
		return list
	}
	if !slices.IsSortedFunc(changes, compare) {
		slices.SortStableFunc(changes, compare)
	}
	merged := make([]T, 0, len(list)+len(changes))
	for i, change := range changes {
		if i+1 < len(changes) && compare(change, changes[i+1]) == 0 {
			continue
		}
		at, found := slices.BinarySearchFunc(list, change, compare)
		merged = append(merged, list[:at]...)
		if list = list[at:]; found {
			list = list[1:]
		}
		if !gone(change) {
			merged = append(merged, change)
		}
	}
	return append(merged, list...)
}
