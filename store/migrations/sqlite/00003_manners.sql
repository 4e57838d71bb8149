-- +goose Up
alter table feeds add column moved text not null default '';          -- asked instead of url
alter table feeds add column rhythm text not null default '{}';       -- what the last good body says
alter table feeds add column news bigint not null default 0;          -- when something new last came
alter table feeds add column every bigint not null default 0;         -- milliseconds between new items
alter table feeds add column held integer not null default 0;         -- items in the last good body
alter table feeds add column gap_at bigint not null default 0;        -- items may have been missed then
alter table feeds add column truncated boolean not null default false;
alter table feeds add column took bigint not null default 0;          -- milliseconds an answer takes
alter table stories add column catch_up boolean not null default false;
create index items_words on items (feed_id, words);
create index items_canonical on items (feed_id, canonical);

-- +goose Down
drop index items_canonical;
drop index items_words;
alter table stories drop column catch_up;
alter table feeds drop column took;
alter table feeds drop column truncated;
alter table feeds drop column gap_at;
alter table feeds drop column held;
alter table feeds drop column every;
alter table feeds drop column news;
alter table feeds drop column rhythm;
alter table feeds drop column moved;
