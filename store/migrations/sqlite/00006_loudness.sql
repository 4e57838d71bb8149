-- +goose Up
alter table tellings add column severity text not null default 'none';   -- as it was told
alter table tellings add column words text not null default '';          -- hash of headline and summary

alter table deliveries add column tried bigint not null default 0;       -- when it was first on its way
drop index deliveries_open;
create index deliveries_open on deliveries (channel, seq, due)
    where state in ('pending', 'held', 'posting', 'uncertain');

create table budgets (                            -- how fast one bot may post at a platform
    name  text   primary key,                     -- "slack:T0123"
    turn  bigint not null default 0,              -- when the next post may be made
    every bigint not null default 0               -- milliseconds between posts, as learnt
);
create index deliveries_receipt on deliveries (channel, receipt) where receipt <> '';

-- +goose Down
drop index deliveries_receipt;
drop index deliveries_open;
create index deliveries_open on deliveries (channel, seq, due)
    where state in ('pending', 'posting', 'uncertain');
alter table deliveries drop column tried;
drop table budgets;
alter table tellings drop column words;
alter table tellings drop column severity;
