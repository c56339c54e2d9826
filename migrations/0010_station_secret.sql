-- A station's password is text in its protocol's own form: SL 651's is four hexadecimal digits, others have letters.

alter table station_password add column secret text not null default '';
update station_password set secret =
    substr('0123456789ABCDEF', cast(1 + password / 4096 % 16 as integer), 1)
    || substr('0123456789ABCDEF', cast(1 + password / 256 % 16 as integer), 1)
    || substr('0123456789ABCDEF', cast(1 + password / 16 % 16 as integer), 1)
    || substr('0123456789ABCDEF', cast(1 + password % 16 as integer), 1);
alter table station_password drop column password;
