//! How addresses are told by whom: what is said of each level, and the rates of slips.

/// How somebody tells addresses: what is said of each level, and how often which slip happens where it can.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Province and city, or the city alone.
    pub prefix: f64,
    /// The district is said.
    pub district: f64,
    /// The township is said.
    pub township: f64,
    /// The community is said (a village nearly always).
    pub community: f64,
    /// Street and house number are said although there is the name of a compound.
    pub street: f64,
    /// The room is said, indoors.
    pub room: f64,
    /// Rate of `Slip::ShortName` where the name has an ending that is dropped.
    pub short_name: f64,
    /// Rate of `Slip::Homophone`.
    pub homophone: f64,
    /// Rate of `Slip::NumberForm`.
    pub number_form: f64,
    /// Rate of `Slip::WrongNumber`.
    pub wrong_number: f64,
    /// Rate of `Slip::WrongDistrict` where the district is said.
    pub wrong_district: f64,
    /// Rate of `Slip::Landmark` in the street, and a tenth of it indoors.
    pub landmark: f64,
    /// Rate of `Slip::Chatter`.
    pub chatter: f64,
    /// Rate of `Slip::Spacing`.
    pub spacing: f64,
}

/// On the telephone, written down by the seat.
pub const SPOKEN: Manner = Manner {
    prefix: 0.10,
    district: 0.62,
    township: 0.18,
    community: 0.22,
    street: 0.42,
    room: 0.50,
    short_name: 0.16,
    homophone: 0.075,
    number_form: 0.34,
    wrong_number: 0.03,
    wrong_district: 0.015,
    landmark: 0.55,
    chatter: 0.20,
    spacing: 0.01,
};
/// Typed into a phone or a page.
pub const TYPED: Manner = Manner {
    prefix: 0.28,
    district: 0.70,
    township: 0.26,
    community: 0.25,
    street: 0.46,
    room: 0.52,
    short_name: 0.14,
    homophone: 0.045,
    number_form: 0.38,
    wrong_number: 0.02,
    wrong_district: 0.012,
    landmark: 0.50,
    chatter: 0.10,
    spacing: 0.06,
};
/// By those who walk there every day.
pub const PATROL: Manner = Manner {
    prefix: 0.0,
    district: 0.05,
    township: 0.35,
    community: 0.92,
    street: 0.50,
    room: 0.35,
    short_name: 0.20,
    homophone: 0.02,
    number_form: 0.28,
    wrong_number: 0.006,
    wrong_district: 0.0,
    landmark: 0.60,
    chatter: 0.02,
    spacing: 0.02,
};
