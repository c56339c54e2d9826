-- Notices of holidays and make-up workdays that an administrator loaded, beside those the binary carries.

create table calendar_notice (
    year bigint primary key,
    notice text not null,
    loaded_at bigint not null
);
