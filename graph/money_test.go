package graph

import "testing"

func TestAnAmountIsZeroOrMoreAndNoFinerThanItsCurrency(t *testing.T) {
	for _, c := range []struct{ amount, currency, field string }{
		{"0", "EUR", ""}, {"12.5", "EUR", ""}, {"12.50", "CHF", ""}, {"999999999999999999.99", "USD", ""}, {"1250", "JPY", ""}, {"1.234", "KWD", ""},
		{"12.345", "EUR", "input.value.amount"}, {"12.500", "EUR", "input.value.amount"}, {"1.0", "JPY", "input.value.amount"}, {"1.2345", "KWD", "input.value.amount"},
		{"-1", "EUR", "input.value.amount"}, {"-0", "EUR", "input.value.amount"}, {"1e3", "EUR", "input.value.amount"}, {"", "EUR", "input.value.amount"},
		{" 1", "EUR", "input.value.amount"}, {"01", "EUR", "input.value.amount"}, {"1,5", "EUR", "input.value.amount"},
		{"1", "eur", "input.value.currency"}, {"1", "EURO", "input.value.currency"}, {"1", "ABC", "input.value.currency"}, {"1", "", "input.value.currency"},
	} {
		err := CheckAmount("input.value", &Money{Amount: c.amount, Currency: c.currency})
		if e, _ := AsError(err); c.field == "" && err != nil || c.field != "" && (e == nil || e.Code != CodeValidation || e.Field != c.field) {
			t.Errorf("%s %s: %v, not refused for %q", c.amount, c.currency, err, c.field)
		}
	}
	if err := CheckAmount("input.value", nil); err != nil {
		t.Error(err)
	}
}
