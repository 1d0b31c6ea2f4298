package graph

import (
	"regexp"
	"strings"

	"golang.org/x/text/currency"
)

// Money is an amount in one currency. The amount is a decimal string, never a float.
type Money struct {
	Amount   string `cbor:"1,keyasint"`
	Currency string `cbor:"2,keyasint"` // ISO 4217
}

var (
	decimalForm  = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,6})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// NewMoney checks an amount and a currency: up to 18 digits before the point and 6 behind it.
func NewMoney(amount, currency string) (*Money, error) {
	amount, currency = strings.TrimSpace(amount), strings.TrimSpace(currency)
	if !decimalForm.MatchString(amount) {
		return nil, Invalid("value", "%q is not a decimal number such as 1250.00", amount)
	}
	if !currencyForm.MatchString(currency) {
		return nil, Invalid("currency", "%q is not an ISO 4217 currency such as EUR", currency)
	}
	return &Money{Amount: amount, Currency: currency}, nil
}

// CheckAmount refuses an amount that is entered by hand and is below zero, or finer than the smallest unit of its
// currency: 12.345 EUR. None is fine. The field is that of the amount as a whole.
func CheckAmount(field string, m *Money) error {
	if m == nil {
		return nil
	}
	if !decimalForm.MatchString(m.Amount) {
		return Invalid(field+".amount", "%q is not a decimal number such as 1250.00", shorten(m.Amount))
	}
	unit, err := currency.ParseISO(m.Currency)
	if err != nil || unit.String() != m.Currency {
		return Invalid(field+".currency", "%q is not an ISO 4217 currency such as EUR", shorten(m.Currency))
	}
	if strings.HasPrefix(m.Amount, "-") {
		return Invalid(field+".amount", "an amount is zero or more, not %s", m.Amount)
	}
	_, fraction, _ := strings.Cut(m.Amount, ".")
	if most, _ := currency.Standard.Rounding(unit); len(fraction) > most {
		return Invalid(field+".amount", "an amount of %s has %d decimals at most, not %d", m.Currency, most, len(fraction))
	}
	return nil
}
