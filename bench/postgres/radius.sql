-- The bare radius: the nearest offices within so many kilometres of a point.
-- $1 latitude  $2 longitude  $3 radius in km  $4 rows
select o.id, o.label, p.id, p.name, st_distance(o.at, st_point($2, $1)::geography, false) / 1000 as km
from office o join partner p on p.key = o.partner
where st_dwithin(o.at, st_point($2, $1)::geography, $3 * 1000, false)
order by o.at <-> st_point($2, $1)::geography
limit $4
