use super::core_len;
use crate::geocode::level::Level;

fn core(level: Level, name: &str) -> String {
    let units: Vec<u16> = name.encode_utf16().collect();
    String::from_utf16_lossy(&units[..core_len(level, &units)])
}

#[test]
fn the_core_is_what_people_say() {
    assert_eq!(core(Level::Road, "庆阳路"), "庆阳");
    assert_eq!(core(Level::Road, "南滨河东路"), "南滨河东");
    assert_eq!(core(Level::Compound, "锦绣家园"), "锦绣");
    assert_eq!(core(Level::Compound, "锦绣家园东区"), "锦绣");
    assert_eq!(core(Level::Compound, "轴承厂家属院"), "轴承厂");
    assert_eq!(core(Level::Township, "张掖路街道"), "张掖路");
    assert_eq!(core(Level::District, "城关区"), "城关");
}

#[test]
fn too_little_is_not_cut() {
    assert_eq!(core(Level::Compound, "新村"), "新村");
    assert_eq!(core(Level::Compound, "大东区"), "大东区");
}
