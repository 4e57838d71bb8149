-- +goose Up
create table aliases (
    id      text    primary key,                  -- hash of owner and names
    owner   text    not null,                     -- 'config', or the chat that added it
    names   text    not null,                     -- the spellings of one name
    retired boolean not null default false,
    version bigint  not null                      -- of the rulebook, as in watches
);
create index aliases_version on aliases (version);
create index aliases_owner on aliases (owner) where not retired;

-- +goose Down
drop table aliases;
