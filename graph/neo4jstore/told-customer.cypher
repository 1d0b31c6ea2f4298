// Who may read a record is told of it as far as it may read what the record names.
SEEN(Customer n)
