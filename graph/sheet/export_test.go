package sheet

// SetBatchSize changes the number of rows of a transaction.
func (in *Importer) SetBatchSize(rows int) { in.batch = rows }
