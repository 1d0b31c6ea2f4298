package neo4jserver

import "os"

// Nothing keeps a process from running here: these are signals that cannot be sent.
var stopSignal, continueSignal = os.Interrupt, os.Interrupt
