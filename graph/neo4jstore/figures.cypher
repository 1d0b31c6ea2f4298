// How many records there are that the viewer is told of, where they count.
CALL {
  RECORDS
  TALLY
}
RETURN {cells: cells} AS answer
