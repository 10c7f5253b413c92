-- What the geocoder understood of an address that was told, as it was understood then: label, level, confidence, gazetteer
-- version, the question if it was not clear, and the contradiction if the point that came with it lies elsewhere.
alter table incident add column address_match jsonb;
