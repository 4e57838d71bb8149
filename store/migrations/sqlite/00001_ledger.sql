-- Times are milliseconds since 1970 in UTC, 0 when there is none. Lists are JSON text.

-- +goose Up
create table feeds (
    id            integer primary key,
    url           text    not null unique,
    name          text    not null,
    publisher     text    not null,
    schedule      text    not null,
    zone          text    not null,
    full_text     boolean not null,
    origin        text    not null,               -- 'config', or the chat that added it
    retired       boolean not null default false,
    etag          text    not null default '',
    last_modified text    not null default '',
    body_hash     text    not null default '',
    due           bigint  not null default 0,
    retry_after   bigint  not null default 0,
    polled        bigint  not null default 0,
    body_at       bigint  not null default 0,
    failures      integer not null default 0,
    failing_since bigint  not null default 0,
    last_error    text    not null default '',
    gone          boolean not null default false,
    lease         bigint  not null default 0,
    epoch         bigint  not null default 0
);
create index feeds_due on feeds (due) where not retired and not gone;

create table items (
    id         integer primary key,
    feed_id    bigint  not null references feeds (id),
    key        text    not null,
    link       text    not null,
    canonical  text    not null,
    title      text    not null,
    text       text    not null,
    words      text    not null,                  -- hash of title and text
    publisher  text    not null,
    lang       text    not null,
    categories text    not null,
    published  bigint  not null,
    fetched    bigint  not null,
    happened   bigint  not null,                  -- published, else fetched
    arrival    text    not null,
    seen       bigint  not null,                  -- the feed's body_at when it last held the item
    unsifted   boolean not null default true,
    outcome    text    not null default '',
    sifted     bigint  not null default 0,        -- when it got its first outcome
    story_id   text    not null default '',
    matches    text    not null default '[]',
    unique (feed_id, key)
);
create index items_unsifted on items (happened, id) where unsifted;
create index items_story on items (story_id) where story_id <> '';
create index items_sifted on items (sifted);
create index items_fetched on items (fetched);

create table item_history (
    id       integer primary key,
    item_id  bigint not null references items (id) on delete cascade,
    at       bigint not null,
    outcome  text   not null,
    story_id text   not null
);
create index item_history_item on item_history (item_id);

create table stories (
    id         text    primary key,
    revision   integer not null,
    told       integer not null,                  -- the last revision that is owed to somebody
    quiet      boolean not null,
    headline   text    not null,
    summary    text    not null,
    links      text    not null,
    publishers text    not null,
    why        text    not null,
    severity   text    not null,
    tension    double precision not null,
    class      text    not null,
    began      bigint  not null,
    latest     bigint  not null,
    revised    bigint  not null
);
create index stories_latest on stories (latest);
create index stories_untold on stories (revised) where told < revision;

create table watches (
    id      text    primary key,
    name    text    not null,
    owner   text    not null,
    rule    text    not null,
    retired boolean not null default false,
    version bigint  not null
);
create index watches_version on watches (version);

create table rulebook (
    version bigint not null                       -- one row: the version of the latest change
);
insert into rulebook (version) values (0);

create table subscriptions (
    channel        text    not null,
    watch_id       text    not null,
    origin         text    not null,
    retired        boolean not null default false,
    paused         text    not null default '',   -- why, or empty
    policy         text    not null,
    digest         text    not null,
    quiet          text    not null,
    zone           text    not null,
    min_publishers integer not null,
    min_severity   text    not null,
    group_wait     bigint  not null,              -- milliseconds
    since          bigint  not null,
    primary key (channel, watch_id)
);
create index subscriptions_watch on subscriptions (watch_id);

create table channels (
    channel text   primary key,
    due     bigint not null default 0,            -- nothing is posted before
    lease   bigint not null default 0,
    epoch   bigint not null default 0
);

create table deliveries (
    seq      integer primary key,                 -- the order within a channel
    id       text    not null unique,
    channel  text    not null references channels (channel),
    kind     text    not null,
    state    text    not null,
    due      bigint  not null,
    attempts integer not null default 0,
    repeated boolean not null default false,
    receipt  text    not null default '',
    why      text    not null default '',
    notice   text    not null default 'null',
    created  bigint  not null,
    settled  bigint  not null default 0
);
create index deliveries_open on deliveries (channel, seq, due)
    where state in ('pending', 'posting', 'uncertain');

create table tellings (
    channel     text    not null,
    story_id    text    not null references stories (id),
    revision    integer not null,
    delivery_id text    not null default '',      -- empty: nothing is posted, state says why
    state       text    not null default '',      -- empty: the delivery's state
    place       integer not null default 0,       -- in its delivery; a digest tells the strongest first
    watches     text    not null,
    why         text    not null default '',
    at          bigint  not null,
    primary key (channel, story_id, revision)
);
create index tellings_delivery on tellings (delivery_id);
create index tellings_story on tellings (story_id);

-- +goose Down
drop table tellings;
drop table deliveries;
drop table channels;
drop table subscriptions;
drop table rulebook;
drop table watches;
drop table stories;
drop table item_history;
drop table items;
drop table feeds;
