-- +goose Up
create table preferences (                        -- what was set in chat, over the config
    channel        text   not null,
    watch_id       text   not null,               -- empty: of all that the channel follows
    policy         text,                          -- null: not set
    digest         text,
    quiet          text,
    zone           text,
    min_publishers integer,
    min_severity   text,
    muted_until    bigint not null default 0,
    paused         text   not null default '',
    primary key (channel, watch_id)
);

create table story_mutes (
    channel    text    not null,
    story_id   text    not null references stories (id),
    irrelevant boolean not null,
    by_user    text    not null,
    at         bigint  not null,
    primary key (channel, story_id)
);

create table audit (
    id      integer primary key,
    call_id text    not null unique,              -- a call acts once
    at      bigint  not null,
    owner   text    not null,
    channel text    not null,
    by_user text    not null,
    command text    not null,
    before  text    not null,
    after   text    not null
);
create index audit_owner on audit (owner, id);

alter table channels add column name text not null default '';   -- for people
alter table channels add column away text not null default '';   -- why we cannot post there, or empty

-- +goose Down
alter table channels drop column away;
alter table channels drop column name;
drop table audit;
drop table story_mutes;
drop table preferences;
