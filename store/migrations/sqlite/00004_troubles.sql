-- +goose Up
create table feed_troubles (
    channel text   not null,
    feed_id bigint not null references feeds (id),
    told    bigint not null,                      -- when the channel heard that the feed does not work
    primary key (channel, feed_id)
);

-- +goose Down
drop table feed_troubles;
