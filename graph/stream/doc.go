// Package stream tells viewers what happens: it reads the log of a store on their behalf, a page at a time for those
// who poll, and as streams for those who subscribe.
package stream
