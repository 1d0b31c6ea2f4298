// What each of many viewers of one role may see.
UNWIND $asking AS asking
CALL (asking) {
  ACCESS
}
RETURN collect([asking, answer]) AS answer
