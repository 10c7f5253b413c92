-- Names of the city that may read like $1 (its normal form $2 has $3 letters; normalising only drops signs), and what each is.
select distinct what, name
from (
    select
        case level when 'city' then '市' when 'district' then '区县' when 'township' then '街道乡镇' else '社区村' end as what,
        name
    from division
    where valid @> boundary_version_at(now())
    union all
    select '网格', name from grid where valid @> boundary_version_at(now())
    union all
    select '道路', name from road
    union all
    select '小区', compound from building
    union all
    select '单位场所', name from poi where name in ($1, $2)
    union all
    select '单位场所', name from legal_entity where name in ($1, $2)
    union all
    select '地址', full_text from address where full_text in ($1, $2)
) as official
where char_length(name) between $3 and $3 + 8
