package sheet_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"valueweb/graph"
	"valueweb/graph/sheet"
)

// FuzzSheet imports anything as any sheet, twice: every record is accounted for, and the second time
// changes nothing.
func FuzzSheet(f *testing.F) {
	for _, dir := range []string{realData, worlds + "/v1"} {
		for i, name := range sheet.Names() {
			if text, err := os.ReadFile(dir + "/" + name + ".csv"); err == nil {
				f.Add(byte(i), text[:min(len(text), 700)])
			}
		}
	}
	for i, text := range []string{
		"id,name,countries,parent_id\nr,R,FR;CH,s\ns,S,,\n",
		"id,name,parent_id,related\nx,X,y,z\ny,Y,,x\nz,Z,x,y\n",
		"id,name,channel_manager,part_of,tags,kinds\nz,Zed,mia,a,x;y,msp\n",
		"id,partner_id,lat,lng,facility,role,address\n,a,1,-1e1,Hall 3,provider,Street\n",
		"id,name\nk2,\"Two\nlines \"\"quoted\"\"\"\n",
		"id,lat,lng\nx,NaN,0\ny,90,180\n",
		"name,partner_id,email,territories\nMia,a,mia@example.org,west\n",
		"partner_id,competency_id,level,since,until,offer,id\na,cloud,2,2020-01-01,2020-12-31,x,\na,cloud,3,2021-01-01,,y,h\na,cloud,,2020-12-31,2021-01-01,,h\n",
		"partner_id,competency_id,scheme,issued_on,external_ids\na,cloud,S,2020-02-29,crm=1\n",
		"customer_id,partner_id,role\nk,a,OWNER\n",
		"id,name,builds_on\ns,S,t\nt,T,\n",
		"partners,kind,sites\na;b;c,jv,lyon\n",
		"from_partner_id,to_partner_id,kind,city\na,b,near,lyon\na,b,near,\n",
		"id,title,needs,lat,lng,value,currency,audience,audience_lat,audience_lng,audience_km\no,O,cloud:2;voice,1,2,3.50,EUR,FILTER,1,2,50\n",
		"opportunity_id,partner_id,state\no,a,DECLINED\n",
		"id,from_partner_id,to_partner_id,sent_on,state,parent_id\nr,a,b,2020-01-01,WON,q\nq,b,a,2019-01-01,LOST,\n",
		"partner_id,customer_id,segment,competency_id\na,k,,cloud\nb,,banks,\n",
	} {
		f.Add(byte(i), []byte(text))
		f.Add(byte(i), []byte("\ufeff"+text[:len(text)/2]+"\"\xff\r\n"+text[len(text)/2:]))
	}
	for _, text := range []string{
		"id,partner_id,competency_id,since,until,offer,external_ids,merged_into\nh1,a,cloud,2020-01-01,,x,crm=1,\nh1,a,cloud,,,y,crm=2,\nh2,a,cloud,2020-01-01,,x,,h1\nh2,a,cloud,,,,,\n",
		"id,partner_id,competency_id,merged_into\nh1,a,cloud,h2\nh2,a,cloud,h1\nh2,a,cloud,\n",
	} {
		f.Add(byte(slices.Index(sheet.Names(), "partner_competencies")), []byte(text))
	}
	f.Fuzz(func(t *testing.T, which byte, text []byte) {
		store := baseStore(t)
		names := sheet.Names()
		name := names[int(which)%len(names)]
		var reports [2]*sheet.Report
		for i := range reports {
			in := sheet.New(store, graph.Operator, sheet.Options{})
			if err := in.ImportSheet(t.Context(), name, bytes.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			if err := in.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			reports[i] = in.Report()
			accounted(t, reports[i])
		}
		first, second := reports[0], reports[1]
		if first.Totals.Rejected != second.Totals.Rejected || second.Totals.Added+second.Totals.Changed > 0 || second.Totals.Merged > first.Totals.Merged || second.Seq > max(first.Seq, 6) {
			t.Errorf("the first time %+v, seq %d; the second %+v, seq %d\n%q", first.Totals, first.Seq, second.Totals, second.Seq, problems(second))
		}
	})
}
