// The name of what a partnership shares; why, stands in 0007.
UNWIND ['dataSharing'] AS name
CALL db.createProperty(name)
FINISH;
