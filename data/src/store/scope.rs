//! What a caller may see: the whole city, or one division with everything below it.

/// The area in a caller's sight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(Option<String>);

impl Scope {
    /// Everything.
    pub const fn whole() -> Self {
        Self(None)
    }

    /// The district, township or community of this code, with everything in it.
    pub fn area(code: impl Into<String>) -> Self {
        Self(Some(code.into()))
    }

    /// The code of the area; `None` when everything is in sight.
    pub fn code(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether something at `area_path` (codes from the city down, joined by `/`) is in sight. What has no place in any
    /// area is for those who see everything, except what concerns the map as such.
    pub fn sees(&self, area_path: &str) -> bool {
        self.0.as_ref().is_none_or(|code| area_path.split('/').any(|part| part == code))
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn an_area_sees_itself_and_what_is_below_and_nothing_beside_or_above() {
        let township = Scope::area("620102001");
        assert!(township.sees("6201/620102/620102001/620102001003"));
        assert!(!township.sees("6201/620102/620102002/620102002003"));
        assert!(!township.sees("6201/620102"));
        assert!(!township.sees(""));
        assert!(Scope::whole().sees(""));
    }
}
