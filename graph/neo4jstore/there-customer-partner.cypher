// Customers that no wall hides from a partner.
NOT n.id IN $viewer.walledCustomers
