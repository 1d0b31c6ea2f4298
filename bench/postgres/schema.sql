-- The rows of the sheets, laid out for one question: who can fill one need near a point. Numbered keys
-- stand for ids and sort as they do. What does not depend on the day asked about is worked out here, but
-- for the ties: they are those of the day in the setting valueweb.as_of.

create table competency as
select row_number() over (order by id collate "C")::int as key, id, name
from sheet.competencies;

create table partner as
select row_number() over (order by id collate "C")::int as key, id, name,
       coalesce(status, 'ACTIVE') = 'ACTIVE' as active, coalesce(capacity::int, 10) as capacity
from sheet.partners;

alter table competency add primary key (key);
alter table partner add primary key (key);
create unique index on competency (id) include (key);
create unique index on partner (id) include (key);

create table office as
select row_number() over (order by o.id collate "C")::int as key, o.id, p.key as partner,
       coalesce(o.name, o.city, o.id) as label, o.lat::float8 as lat, o.lng::float8 as lng,
       st_point(o.lng::float8, o.lat::float8)::geography as at
from sheet.offices o join partner p on p.id = o.partner_id;
alter table office add primary key (key);
create unique index on office (id);
create index on office using gist (at);

-- Who needs a competency is served by whoever holds it or a narrower one.
create table serves as
with recursive step as (
  select b.key as need, n.key as competency
  from sheet.competencies c cross join unnest(string_to_array(c.parent_id, ';')) as parent(id)
  join competency n on n.id = c.id join competency b on b.id = parent.id
), below as (
  select key as need, key as competency from competency
  union
  select b.need, s.competency from below b join step s on s.need = b.competency
)
select need, competency from below;
alter table serves add primary key (competency, need);

create table holding as
select row_number() over (order by p.key, c.key, o.key)::int as key, p.key as partner, c.key as competency, o.key as office,
       h.level::int2 as level, h.since::date as since, h.until::date as until
from sheet.partner_competencies h
join partner p on p.id = h.partner_id
join competency c on c.id = h.competency_id
left join office o on o.id = h.office_id;
alter table holding add primary key (key);
-- Rows of one partner, competency and office would have to be merged; the generated worlds have none.
create unique index on holding (partner, competency, coalesce(office, 0));

create table certification as
select row_number() over (order by s.id collate "C")::int as key, s.id, s.scheme, p.key as partner, c.key as competency, o.key as office,
       coalesce(s.issued_on::date, '-infinity') as issued, coalesce(s.expires_on::date, 'infinity') as expires
from sheet.certifications s
join partner p on p.id = s.partner_id
join competency c on c.id = s.competency_id
left join office o on o.id = s.office_id
where s.verified::bool;
alter table certification add primary key (key);

-- Which certifications attest which holdings, on the days on which they are valid.
create table attests as
select h.key as holding, c.expires, c.key as certification, c.issued
from holding h
join certification c on c.partner = h.partner and (c.office is null or h.office is null or c.office = h.office)
join serves s on s.competency = c.competency and s.need = h.competency;
create index on attests (holding, expires desc, certification) include (issued);

-- A holding that fills a need, at an office from which it counts.
create table supply as
select s.need, h.partner, o.key as office, h.key as holding, h.competency, h.level as stated, h.office is not null as tied,
       coalesce(h.level, 3::int2) as level,
       case when s.need = h.competency then 1 else 0.9 end::float8 * 0.6::float8 * coalesce(h.level, 3)::float8 / 5::float8 as skill,
       case when s.need = h.competency then 1 else 0.9 end::float8 * 0.4::float8 as certified,
       exists (select from attests a where a.holding = h.key) as attested,
       coalesce(h.since, '-infinity') as since, coalesce(h.until, 'infinity') as until,
       p.capacity, o.lat, o.lng, o.at
from holding h
join serves s using (competency)
join office o on o.partner = h.partner and (h.office is null or h.office = o.key)
join partner p on p.key = h.partner
where p.active and p.capacity > 0
order by s.need, st_geohash(o.at::geometry, 6), o.key;
create index on supply using gist (need, at);

-- What happened to a referral: sent, taken up, closed.
create table referral as
select f.key as sender, t.key as recipient, c.key as competency, r.state, r.sent,
       case when r.answered is not null then r.answered when r.state in ('ACTIVE', 'FORWARDED', 'WON', 'LOST') then r.sent end as taken,
       case when r.state in ('WON', 'LOST', 'DECLINED', 'EXPIRED') then coalesce(r.closed, r.answered, r.sent) end as closing
from (
  select from_partner_id, to_partner_id, competency_id, state, sent_on::date as sent, answered_on::date as answered, closed_on::date as closed
  from sheet.referrals
) r
join partner f on f.id = r.from_partner_id
join partner t on t.id = r.to_partner_id
left join competency c on c.id = r.competency_id;

create table opportunity as
select row_number() over ()::int as key, l.key as lead, o.stage, o.needs, o.member_partner_ids, o.posted_on::date as posted,
       case when o.stage in ('LAUNCHED', 'LOST') then coalesce(o.closed_on::date, o.posted_on::date, '-infinity') end as closing
from sheet.opportunities o left join partner l on l.id = o.lead_partner_id
where o.stage <> 'DRAFT' and coalesce(o.review, '') not in ('WITHDRAWN', 'REJECTED');

-- What a partner carries and has received lately: a referral or an opportunity occupies it from one day
-- until before another, and one received counts for 90 days. stale is the day from which neither matters.
create table load as
select partner, greatest(until, sent + 90) as stale, since, until, sent
from (
  select recipient as partner, sent, case when taken is null then sent else greatest(sent, taken) end as since,
         case when taken is null then sent else coalesce(closing, 'infinity') end as until
  from referral
  union all
  select e.partner, null, coalesce(o.posted, '-infinity'), coalesce(o.closing, 'infinity')
  from opportunity o cross join lateral (
    select o.lead as partner where o.lead is not null
    union
    select p.key from unnest(string_to_array(o.member_partner_ids, ';')) as member(id) join partner p using (id)
  ) e
) d
order by 1, 2;
create index on load (partner, stale) include (since, until, sent);

-- What closed well or badly for a partner, under every need that it proves something about.
create table proof as
select s.need, r.recipient as partner, r.closing, r.state = 'WON' as won
from referral r join serves s using (competency)
where r.state in ('WON', 'LOST')
union all
select distinct_need.need, o.lead, o.closing, o.stage = 'LAUNCHED'
from opportunity o cross join lateral (
  select distinct s.need
  from unnest(string_to_array(o.needs, ';')) as n(text)
  join competency c on c.id = split_part(n.text, ':', 1)
  join serves s on s.competency = c.key
) distinct_need
where o.closing is not null and o.lead is not null
order by 1, 2, 3;
create index on proof (need, partner, closing) include (won);

-- Ties between ACTIVE partners, both ways: w / (w + 2). Each is tied to itself with strength 1, so that
-- walks of three ties stand for those of fewer, too.
create table tie as
with today as (select current_setting('valueweb.as_of')::date as day),
traded as (
  select least(sender, recipient) as a, greatest(sender, recipient) as b,
         sum(case when closing <= day and state <> 'WON' then 0
                  when closing <= day then 0.5::float8 ^ ((day - closing) / 548.0::float8)
                  when taken <= day then 0.5 * 0.5::float8 ^ ((day - sent) / 548.0::float8)
                  else 0.25 * 0.5::float8 ^ ((day - sent) / 548.0::float8) end) as w
  from referral cross join today
  where sent <= day and sender <> recipient
  group by 1, 2
), party as (
  select s.id, p.key, case s.collaboration when 'HIGH' then 2 when 'MEDIUM' then 1 else 0.5 end::float8 as w
  from sheet.partnerships s cross join today
  cross join unnest(string_to_array(s.partners, ';')) as party(id) join partner p on p.id = party.id
  where coalesce(s.starts_on::date, '-infinity') <= day and coalesce(s.ends_on::date, 'infinity') >= day
), allied as (
  select x.key as a, y.key as b, max(x.w) as w
  from party x join party y on x.id = y.id and x.key < y.key
  group by 1, 2
), pair as (
  select a, b, coalesce(t.w, 0) + coalesce(l.w, 0) as w
  from traded t full join allied l using (a, b)
), weighed as (
  select a, b, w / (w + 2) as strength
  from pair join partner p on p.key = a join partner q on q.key = b
  where w > 0 and p.active and q.active
)
select a, b, strength from weighed
union all
select b, a, strength from weighed
union all
select key, key, 1 from partner where active
order by 1, 2;
create index on tie (a) include (b, strength);
