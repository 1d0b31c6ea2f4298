// Package sheet reads CSV sheets, one per kind of fact, into a graph.Store, and writes a store as such sheets.
//
// A file is recognised by its name (partners.csv) and read as a stream: records are cut out of it
// (reader.go), turned into nodes by the columns of a table (table.go, cell.go), put into the store in
// transactions of some two thousand rows (batch.go), and counted in a Report (report.go). What a sheet
// looks like is said once, as a table of columns beside its kind (partners.go, competencies.go,
// customers.go, partnerships.go, opportunities.go, holdings.go). An export (export.go) reads the store page by
// page and has the same columns write each node (dump.go, writer.go); it reads every row back to see what of
// the node would not come back.
//
// What can be relied on:
//
//   - Importing the same files twice changes nothing: no version moves and no event is written.
//   - A row with an error in any cell is left out whole and reported by file, row, column, value and
//     reason; it never stops the rows around it. Every record is accounted for: rows = added + changed +
//     unchanged + merged + rejected, beside the records that are wholly empty.
//   - A column that is absent leaves the property of an existing node as it is; an empty cell sets it to
//     its default. A new node starts with the defaults: status ACTIVE, kind OTHER, discoverable,
//     collaboration LOW, stage PROSPECT, audience ALL, certifications verified.
//   - An absent id is made from the natural key of the row, the same every time.
//   - Of several rows of one id the first counts that is not refused, however far apart they stand. One
//     that says the same is merged with a warning, one that says something else is rejected.
//   - Rows of one partner, competency and office whose dates overlap become one holding. A row of the same
//     since and offer as a stored one corrects it; several such rows of one file all count.
//   - Memory grows with the file by what tells its rows apart only, some thirty bytes a row. That of an export
//     does not grow.
//   - What is exported is the same graph once it is imported, but for versions, time stamps and the log; what a
//     sheet cannot say is named by the export.
package sheet
