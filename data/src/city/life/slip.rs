//! What can be done to an address in telling it.

/// A slip, or another way of saying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Slip {
    /// A level that the full form has is left out: district, township, community or street.
    MissingLevel,
    /// No number of house, building or room where the full form has one.
    MissingNumber,
    /// The name of a compound without its ending: 金汇 for 金汇家园.
    ShortName,
    /// A character of a name replaced by another of the same sound.
    Homophone,
    /// A number in another form: 3栋, 3#, 三号楼 for 3号楼.
    NumberForm,
    /// The number of a neighbour.
    WrongNumber,
    /// The name of another district.
    WrongDistrict,
    /// A place beside or across from the address.
    Landmark,
    /// Words that are no address.
    Chatter,
    /// Blanks or full-width digits.
    Spacing,
}

impl Slip {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::MissingLevel,
        Self::MissingNumber,
        Self::ShortName,
        Self::Homophone,
        Self::NumberForm,
        Self::WrongNumber,
        Self::WrongDistrict,
        Self::Landmark,
        Self::Chatter,
        Self::Spacing,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingLevel => "missing_level",
            Self::MissingNumber => "missing_number",
            Self::ShortName => "short_name",
            Self::Homophone => "homophone",
            Self::NumberForm => "number_form",
            Self::WrongNumber => "wrong_number",
            Self::WrongDistrict => "wrong_district",
            Self::Landmark => "landmark",
            Self::Chatter => "chatter",
            Self::Spacing => "spacing",
        }
    }
}

/// The slips of one telling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slips(u16);

impl Slips {
    /// Adds one.
    pub fn add(&mut self, slip: Slip) {
        self.0 |= 1 << slip as u8;
    }

    /// Whether it is among them.
    pub const fn has(self, slip: Slip) -> bool {
        self.0 & 1 << slip as u8 != 0
    }

    /// Their names, joined by `+`; empty for none.
    pub fn names(self) -> String {
        let names = Slip::ALL.into_iter().filter(|slip| self.has(*slip)).map(Slip::name);
        names.collect::<Vec<_>>().join("+")
    }
}
