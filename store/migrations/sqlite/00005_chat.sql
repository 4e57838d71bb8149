-- +goose Up
create table preferences (                        -- what was set in chat, over the config
    channel        text    not null,
    watch_id       text    not null,              -- empty: of all that the channel follows
    policy         text,                          -- null: not set
    digest         text,
    quiet          text,
    zone           text,
    min_publishers integer,
    min_severity   text,
    muted_until    bigint  not null default 0,
    paused         text    not null default '',   -- why somebody wanted it so, or empty
    unfollowed     boolean not null default false, -- whatever the config says
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
create index audit_channel on audit (channel, id);

alter table channels add column name text not null default '';   -- for people
alter table channels add column away text not null default '';   -- why we cannot post there, or empty
alter table channels add column owner text not null default '';  -- whose it is, where that is known

create index watches_owner on watches (owner) where not retired;
create index tellings_channel on tellings (channel, at);

-- What each channel follows and how, as it is in force: what was set in chat for the watch, else for
-- the channel, else when it was subscribed.
create view following as
select s.channel, s.watch_id,
    coalesce(p.policy, a.policy, s.policy) as policy,
    coalesce(p.digest, a.digest, s.digest) as digest,
    coalesce(p.quiet, a.quiet, s.quiet) as quiet,
    coalesce(p.zone, a.zone, s.zone) as zone,
    coalesce(p.min_publishers, a.min_publishers, s.min_publishers) as min_publishers,
    coalesce(p.min_severity, a.min_severity, s.min_severity) as min_severity,
    s.group_wait, s.since,
    case when coalesce(p.muted_until, 0) > coalesce(a.muted_until, 0) then p.muted_until
        else coalesce(a.muted_until, 0) end as muted_until,
    case when p.paused <> '' then p.paused        -- why nothing is told, or empty: it was asked for,
        when a.paused <> '' then a.paused
        when c.away <> '' then c.away             -- or else it cannot be
        else s.paused end as paused,
    coalesce(p.policy, p.digest, p.quiet, p.zone, p.min_severity,
        a.policy, a.digest, a.quiet, a.zone, a.min_severity) is not null
        or coalesce(p.min_publishers, a.min_publishers) is not null as chosen
from subscriptions s
left join preferences p on p.channel = s.channel and p.watch_id = s.watch_id
left join preferences a on a.channel = s.channel and a.watch_id = ''
left join channels c on c.channel = s.channel
where not s.retired and not coalesce(p.unfollowed, false);

-- +goose Down
drop view following;
drop index tellings_channel;
drop index watches_owner;
alter table channels drop column owner;
alter table channels drop column away;
alter table channels drop column name;
drop table audit;
drop table story_mutes;
drop table preferences;
