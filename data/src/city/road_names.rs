//! What roads in the country are called.

use super::blocks::Blocks;
use super::dice::Dice;
use super::divisions::Township;
use super::mesh::Class;
use super::names::Names;
use super::roads::beside;
use super::territory::Territory;

/// Names of roads in the country come from the places they join.
pub(crate) struct Place<'a> {
    pub(crate) territory: &'a Territory,
    pub(crate) townships: &'a [Township],
}

impl Place<'_> {
    pub(crate) fn road(
        &self,
        blocks: &Blocks,
        class: Class,
        (middle, ends): (u32, [u32; 2]),
        names: &mut Names,
        dice: &mut Dice,
    ) -> String {
        let block = |arc: u32| beside(blocks, arc).next().unwrap_or(0) as usize;
        let township = |arc: u32| self.territory.township[block(arc)] as usize;
        let [from, to] = ends.map(|arc| self.townships[township(arc)].name.chars().next());
        let (t, c) = self.territory.communities[self.territory.community[block(middle)] as usize];
        let village = &self.townships[t as usize].communities[c as usize].name;
        let stem = village.strip_suffix("社区").or(village.strip_suffix('村')).unwrap_or(village);
        let joins = matches!(class, Class::Arterial | Class::Expressway | Class::Collector);
        match (from, to) {
            (Some(from), Some(to)) if joins && from != to => {
                names.numbered(&format!("{from}{to}"), "公路")
            }
            _ if Class::Local <= class => {
                let part = dice.pick(&["", "", "东", "西", "南", "北"]);
                names.numbered(&format!("{stem}{part}"), "路")
            }
            _ => {
                let part = dice.pick(&["前", "后", "上", "下", "东", "西"]);
                names.numbered(&format!("{stem}{part}"), "巷")
            }
        }
    }
}
