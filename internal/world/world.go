package world

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Sheets takes the sheets of a world, one after the other.
type Sheets interface {
	// Sheet starts the sheet of that name, "partners" for example, with its header row.
	Sheet(name string, columns ...string) (Rows, error)
}

// Rows takes the rows of one sheet, in order.
type Rows interface {
	// Write adds one row: as many cells as the sheet has columns.
	Write(cells ...string) error
	// Close ends the sheet.
	Close() error
}

// specs are the worlds by name, in the order of their size.
var specs = []struct {
	name string
	spec func() spec
}{{"demo", demo}, {"alliance", alliance}, {"m", medium}, {"l", large}}

// Names lists the worlds that Generate knows, the smallest first.
func Names() []string {
	var names []string
	for _, s := range specs {
		names = append(names, s.name)
	}
	return names
}

// Generate writes the named world to out, sheet by sheet. The same name and seed give the same bytes.
func Generate(name string, seed uint64, out Sheets) error {
	i := slices.Index(Names(), name)
	if i < 0 {
		return fmt.Errorf("there is no world %q; known worlds: %s", name, strings.Join(Names(), ", "))
	}
	if err := build(specs[i].spec(), seed).write(out); err != nil {
		return fmt.Errorf("writing world %s: %w", name, err)
	}
	return nil
}

func (w *world) write(out Sheets) error {
	for _, s := range w.sheets() {
		if err := s.write(out); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	return nil
}

// sheet is one sheet before it is written; its rows are made while they are read.
type sheet struct {
	name    string
	columns string
	rows    iter.Seq[[]string]
}

// write closes the sheet even after a failure, and returns the first error.
func (s sheet) write(out Sheets) (err error) {
	rows, err := out.Sheet(s.name, strings.Split(s.columns, ",")...)
	if err != nil {
		return err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for row := range s.rows {
		if err := rows.Write(row...); err != nil {
			return err
		}
	}
	return nil
}

// sheets lists every sheet of the world, a referred one before those that refer to it.
func (w *world) sheets() []sheet {
	return []sheet{
		{"regions", "id,name,countries,parent_id,synthetic", regionRows},
		{"competencies", "id,name,parent_id,related,aliases,description,synthetic", w.competencyRows},
		{"partners", "id,name,kind,status,tier,capacity,joined_on,employees,website,tags,discoverable,part_of,synthetic", w.partnerRows},
		{"offices", "id,partner_id,name,city,country,lat,lng,roles,synthetic", w.officeRows},
		{"partner_competencies", "partner_id,competency_id,office_id,level,since,until,remote,offer,synthetic", w.holdingRows},
		{"certifications", "id,partner_id,competency_id,office_id,scheme,level,issuer,issued_on,expires_on,holders,verified,synthetic", w.certificationRows},
		{"customers", "id,name,segment,industry,consent,synthetic", w.customerRows},
		{"sites", "id,customer_id,name,city,country,lat,lng,synthetic", w.siteRows},
		{"customer_partners", "customer_id,partner_id,role,since,until,synthetic", w.serviceRows},
		{"contacts", "id,partner_id,customer_id,office_id,name,email,phone,role,territories,synthetic", w.contactRows},
		{"partnerships", "id,partners,kind,collaboration,starts_on,ends_on,sponsor,manager,synthetic", w.partnershipRows},
		{"walls", "id,partner_id,customer_id,segment,competency_id,synthetic", w.wallRows},
		{"solutions", "id,name,partner_id,origin,competency_ids,builds_on,description,synthetic", w.solutionRows},
		{"referrals", "id,from_partner_id,to_partner_id,customer_id,competency_id,state,value,currency,sent_on,answered_on,closed_on,parent_id,synthetic", w.referralRows},
		{"opportunities", "id,title,customer_id,site_id,lat,lng,needs,owner_partner_id,lead_partner_id,member_partner_ids,declined_partner_ids," +
			"stage,review,value,currency,posted_on,closed_on,lost_reason,audience,audience_partner_ids,audience_competency_ids,audience_region," +
			"audience_countries,audience_kinds,audience_min_tier,audience_lat,audience_lng,audience_km,shared_in,synthetic", w.opportunityRows},
		{"invitations", "opportunity_id,partner_id,state,sent_on,answered_on,reason,synthetic", w.invitationRows},
	}
}
