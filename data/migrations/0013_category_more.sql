-- More of what a city is told of, and the counters where people tell it in person. Codes and limits are the
-- demonstration's own, as before; a city brings its own list by import. What a city named so already stays its own.

insert into category (category_code, name, parent_code, accept_minutes, handle_minutes) values
    ('07', '住房物业', null, 120, 4320)
on conflict do nothing;

insert into category (category_code, name, parent_code, accept_minutes, handle_minutes) values
    ('0103', '违法建设', '01', 120, 10080),
    ('0104', '户外广告', '01', 120, 4320),
    ('0105', '车辆乱停', '01', 30, 1440),
    ('0204', '道路积水', '02', 30, 1440),
    ('0205', '交通设施', '02', 120, 4320),
    ('0304', '供气', '03', 30, 1440),
    ('0305', '通信线缆', '03', 120, 4320),
    ('0403', '扬尘污染', '04', 120, 1440),
    ('0404', '油烟异味', '04', 120, 4320),
    ('0405', '园林绿化', '04', 120, 4320),
    ('0502', '物业纠纷', '05', 120, 10080),
    ('0503', '消费纠纷', '05', 120, 10080),
    ('0603', '飞线充电', '06', 30, 1440),
    ('0604', '房屋边坡险情', '06', 30, 120),
    ('0701', '物业服务', '07', 120, 4320),
    ('0702', '房屋漏水', '07', 120, 10080),
    ('0703', '电梯故障', '07', 30, 1440)
on conflict do nothing;

update category set counted_only = true where parent_code = '05';

alter table incident drop constraint incident_channel;
alter table incident add constraint incident_channel check (channel in ('mini_program', 'app', 'hotline', 'web', 'mediation', 'grid_patrol', 'window', 'import'));
