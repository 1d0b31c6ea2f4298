SEEN(Opportunity n)
