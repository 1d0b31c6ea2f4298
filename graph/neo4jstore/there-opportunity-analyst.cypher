// Drafts are hidden from an analyst, and count for nobody.
true
