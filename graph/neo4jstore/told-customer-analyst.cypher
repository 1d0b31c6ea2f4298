// An analyst reads no record, and is told where it counts.
true
