-- Who can fill one need near a point: the best rows with their terms and the facts behind them.
-- $1 competency  $2 least level  $3 latitude  $4 longitude  $5 radius in km  $6 asker  $7 day  $8 rows
with asked as materialized (
  select (select key from competency where id = $1) as need,
         (select key from partner where id = $6) as asker,
         ($7::date - interval '36 months')::date as proven_after
),
-- Every holding that counts, at every office within the radius; the box of the index is a little wider.
reach as (
  select s.partner, s.capacity, s.holding, s.competency, s.stated, s.tied, s.office, d.km, c.certification,
         s.skill + case when c.certification is null then 0 else s.certified end as quality
  from supply s
  cross join lateral (
    select 2 * 6371.0088::float8 * asin(least(1::float8, sqrt(
      sin(radians(s.lat - $3) / 2) ^ 2 + cos(radians($3)) * cos(radians(s.lat)) * sin(radians(s.lng - $4) / 2) ^ 2))) as km
  ) d
  left join lateral (
    select a.certification from attests a
    where s.attested and a.holding = s.holding and a.issued <= $7 and a.expires >= $7
    order by a.expires desc, a.certification limit 1
  ) c on true
  where s.need = (select need from asked) and s.at && _st_expand(st_point($4, $3)::geography, $5 * 1002 + 10)
    and s.level >= $2 and s.since <= $7 and s.until >= $7 and d.km <= $5
    and s.partner <> (select asker from asked)
),
-- The best holding of each partner, and the nearest office from which any counts.
supplier as materialized (
  select distinct on (partner) partner, capacity, competency, stated, certification, quality as fit,
         case when tied then office end as held_at, first_value(office) over near as nearest, first_value(km) over near as least_km
  from reach
  window near as (partition by partner order by km, office)
  order by partner, quality desc, km, office, competency, holding
),
track as materialized (
  select s.*, l.received, l.referrals, l.opportunities, w.won, w.closed, w.last_won, sum(l.received) over () as all_received,
         count(*) over () as total
  from supplier s
  cross join lateral (
    select count(*) filter (where sent > $7::date - 90 and sent <= $7) as received,
           count(*) filter (where until > $7 and since <= $7 and sent is not null) as referrals,
           count(*) filter (where until > $7 and since <= $7 and sent is null) as opportunities
    from load l where l.partner = s.partner and l.stale > $7
  ) l
  cross join lateral (
    select count(*) as closed, count(*) filter (where won) as won, max(closing) filter (where won) as last_won
    from proof o
    where o.need = (select need from asked) and o.partner = s.partner
      and o.closing > (select proven_after from asked) and o.closing <= $7
  ) w
),
-- Trust meets in the middle: two ties from the asker, one back from each supplier.
two as materialized (
  select t.b as partner, max(o.strength * t.strength) as strength
  from tie o join tie t on t.a = o.b
  where o.a = (select asker from asked)
  group by t.b
),
trust as (
  select s.partner, max(two.strength * t.strength) as strength
  from supplier s join tie t on t.a = s.partner join two on two.partner = t.b
  group by s.partner
),
scored as (
  select t.*, x.*,
         0.30::float8 * t.fit + 0.20::float8 * x.near + 0.20::float8 * x.trust
         + 0.15::float8 * x.proof + 0.10::float8 * x.ready + 0.05::float8 * x.fair as score
  -- A full join, for it must be hashed; who is trusted here is always in track.
  from track t full join trust on trust.partner = t.partner
  cross join lateral (
    select 0.5::float8 ^ (t.least_km / 50) as near, coalesce(trust.strength, 0) as trust,
           (t.won + 1)::float8 / (t.closed + 2)::float8 as proof,
           greatest(0, 1 - (t.referrals + t.opportunities)::float8 / t.capacity::float8) as ready,
           case when t.all_received = 0 then 1 else 1 - t.received::float8 / t.all_received::float8 end as fair
  ) x
),
best as materialized (
  select *, round(score * 1e9::float8) as rounded from scored order by rounded desc, least_km, partner limit $8
)
select b.total, p.id, p.name, b.score, b.least_km, o.id, o.label, b.fit, b.near, b.trust, b.proof, b.ready, b.fair,
       b.stated, c.id, c.name, h.id, ce.id, ce.scheme, nullif(ce.expires, 'infinity'),
       b.won, b.closed, b.last_won, b.referrals, b.opportunities, b.received, b.capacity
from best b
join partner p on p.key = b.partner
join office o on o.key = b.nearest
join competency c on c.key = b.competency
left join office h on h.key = b.held_at
left join certification ce on ce.key = b.certification
order by b.rounded desc, b.least_km, b.partner
