package graph

import (
	"regexp"
	"strings"
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
