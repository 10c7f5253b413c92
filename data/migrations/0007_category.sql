-- What incidents are about: major and minor categories with the time each may take. These are the demonstration's own
-- numbers, not those of GB/T 30428.2; a city brings its own list by import. Minutes count on the wall clock here.

insert into category (category_code, name, parent_code, accept_minutes, handle_minutes) values
    ('01', '市容秩序', null, 120, 1440),
    ('02', '市政设施', null, 120, 4320),
    ('03', '公用事业', null, 30, 1440),
    ('04', '环境卫生', null, 120, 1440),
    ('05', '矛盾纠纷', null, 120, 10080),
    ('06', '安全隐患', null, 30, 120),
    ('09', '咨询建议', null, 120, 4320);

insert into category (category_code, name, parent_code, accept_minutes, handle_minutes) values
    ('0101', '占道经营', '01', 120, 1440),
    ('0102', '乱堆物料', '01', 120, 1440),
    ('0201', '道路破损', '02', 120, 10080),
    ('0202', '路灯故障', '02', 120, 4320),
    ('0203', '井盖缺失', '02', 30, 120),
    ('0301', '供水', '03', 30, 1440),
    ('0302', '供暖', '03', 30, 1440),
    ('0303', '供电', '03', 30, 1440),
    ('0401', '垃圾清运', '04', 120, 1440),
    ('0402', '噪声扰民', '04', 120, 1440),
    ('0501', '邻里纠纷', '05', 120, 10080),
    ('0601', '消防通道占用', '06', 30, 120),
    ('0602', '燃气隐患', '06', 30, 120),
    ('0901', '咨询', '09', 120, 4320),
    ('0902', '建议', '09', 120, 21600);

update category set counted_only = true where category_code = '05' or parent_code = '05';
