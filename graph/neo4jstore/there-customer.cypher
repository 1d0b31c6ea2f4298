// Customers are hidden from a partner alone.
true
