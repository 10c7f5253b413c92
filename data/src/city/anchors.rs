//! Where the districts lie and where their townships lie in them, as rough as `land`.

use super::polygon::Polygon;
use super::terrain::Xy;

/// One of the eight districts, with its share of the whole city.
#[derive(Clone, Copy, Debug)]
pub(crate) struct District {
    /// Six digits.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) grids: usize,
    pub(crate) buildings: usize,
    pub(crate) addresses: u64,
    pub(crate) people: u64,
    pub(crate) entities: usize,
    pub(crate) workers: usize,
    /// Its outline before streets and ridges shape it, anticlockwise, hectometres.
    outline: &'static str,
}

/// The districts: 4,417 grids, 120,000 buildings, 2,729,000 addresses, 4.578 million people, 135,000 legal entities and
/// 18,000 workers in all.
pub(crate) const DISTRICTS: [District; 8] = [
    District {
        code: "620102",
        name: "城关区",
        grids: 960,
        buildings: 19_000,
        addresses: 850_000,
        people: 1_480_000,
        entities: 52_000,
        workers: 4300,
        outline: "-42 -7, -40 -25, -31 -42, -13 -53, 7 -58, 25 -50, 43 -53, 62 -45, 83 -49, 104 -41, \
            124 -45, 143 -33, 153 -14, 151 6, 161 25, 153 47, 135 63, 121 81, 99 91, 79 83, 62 91, \
            43 85, 27 93, 8 86, -8 92, -27 82, -38 66, -33 49, -44 33, -41 17, -47 5",
    },
    District {
        code: "620103",
        name: "七里河区",
        grids: 590,
        buildings: 15_000,
        addresses: 470_000,
        people: 740_000,
        entities: 24_000,
        workers: 2600,
        outline: "-42 -7, -47 5, -80 9, -120 25, -146 40, -148 20, -162 -10, -172 -60, -155 -110, \
            -115 -150, -75 -190, -20 -212, 30 -205, 50 -170, 35 -120, 7 -58, -13 -53, -31 -42, \
            -40 -25",
    },
    District {
        code: "620104",
        name: "西固区",
        grids: 410,
        buildings: 12_000,
        addresses: 285_000,
        people: 460_000,
        entities: 12_000,
        workers: 1700,
        outline: "-146 40, -160 48, -205 69, -224 75, -218 110, -228 150, -280 178, -330 180, -370 170, \
            -412 140, -432 105, -410 55, -360 20, -300 0, -250 -25, -200 -30, -162 -10, -148 20",
    },
    District {
        code: "620105",
        name: "安宁区",
        grids: 400,
        buildings: 11_000,
        addresses: 300_000,
        people: 480_000,
        entities: 14_000,
        workers: 1700,
        outline: "-47 5, -44 33, -33 49, -38 66, -27 82, -8 92, 14 120, 22 155, 8 190, -22 222, -80 240, \
            -140 245, -184 228, -214 192, -228 150, -218 110, -224 75, -205 69, -160 48, -120 25, \
            -80 9",
    },
    District {
        code: "620111",
        name: "红古区",
        grids: 210,
        buildings: 9000,
        addresses: 105_000,
        people: 160_000,
        entities: 5000,
        workers: 850,
        outline: "-432 105, -412 140, -460 172, -530 194, -610 240, -690 300, -770 360, -828 412, \
            -862 430, -908 414, -940 365, -905 300, -830 235, -750 180, -660 138, -570 95, -490 80",
    },
    District {
        code: "620121",
        name: "永登县",
        grids: 800,
        buildings: 24_000,
        addresses: 310_000,
        people: 520_000,
        entities: 12_000,
        workers: 3000,
        outline: "-412 140, -370 170, -330 180, -280 178, -228 150, -214 192, -238 250, -236 310, -200 380, \
            -130 425, -98 470, -92 550, -100 640, -130 730, -200 790, -290 830, -370 880, -460 950, \
            -560 1020, -670 1050, -750 1010, -800 930, -840 840, -920 770, -990 690, -1010 600, \
            -970 520, -912 460, -908 414, -862 430, -828 412, -770 360, -690 300, -610 240, \
            -530 194, -460 172",
    },
    District {
        code: "620122",
        name: "皋兰县",
        grids: 250,
        buildings: 9000,
        addresses: 139_000,
        people: 238_000,
        entities: 5000,
        workers: 1000,
        outline: "14 120, 22 155, 8 190, -22 222, -80 240, -140 245, -184 228, -214 192, \
            -238 250, -238 310, -200 380, \
            -130 425, -98 470, -92 550, -50 600, 20 620, 90 630, 170 600, 220 530, 240 440, \
            260 350, 290 270, 305 200, 292 130, 250 84, 200 47, 161 25, 153 47, 135 63, 121 81, \
            99 91, 79 83, 62 91, 43 85, 27 93, 8 86, -8 92",
    },
    District {
        code: "620123",
        name: "榆中县",
        grids: 797,
        buildings: 21_000,
        addresses: 270_000,
        people: 500_000,
        entities: 11_000,
        workers: 2850,
        outline: "153 -14, 151 6, 161 25, 200 47, 250 84, 292 130, 305 200, 290 270, 330 330, 400 350, \
            460 330, 500 270, 570 220, 620 150, 640 60, 660 -40, 660 -140, 620 -240, 560 -320, \
            520 -400, 460 -490, 380 -540, 290 -540, 210 -490, 130 -440, 70 -360, 40 -280, 35 -210, \
            50 -170, 35 -120, 7 -58, 25 -50, 43 -53, 62 -45, 83 -49, 104 -41, 124 -45, 143 -33",
    },
];

impl District {
    /// Its rough outline, metres.
    pub(crate) fn outline(&self) -> Polygon {
        Polygon::of(vec![self.outline.split(',').filter_map(place).collect()])
    }
}

/// The middle of each township: nine-digit code, hectometres east and north.
const TOWNSHIPS: &str = "\
    620102001 -4 -9, 620102002 -12 0, 620102003 45 5, 620102004 -29 -2, 620102005 35 14, \
    620102006 -2 -25, 620102007 -19 -11, 620102008 4 -11, 620102009 5 2, 620102010 -21 -33, \
    620102011 -22 32, 620102012 5 30, 620102013 15 -24, 620102014 70 -8, 620102015 102 -9, \
    620102016 33 -13, 620102017 16 -2, 620102018 21 -15, 620102019 7 -17, 620102020 27 3, \
    620102021 36 46, 620102022 47 -6, 620102023 54 -18, 620102024 98 46, 620102025 65 14, \
    620102400 56 7, \
    620103001 -52 -6, 620103002 -60 3, 620103003 -64 -9, 620103004 -72 1, 620103005 -80 -3, \
    620103006 -66 -26, 620103007 -98 -8, 620103008 -90 5, 620103009 -108 15, 620103100 15 -175, \
    620103101 -20 -60, 620103102 -112 -28, 620103103 -76 -92, 620103104 -138 -66, \
    620103201 -46 -142, \
    620104001 -158 28, 620104002 -174 34, 620104003 -190 36, 620104004 -200 48, \
    620104005 -208 34, 620104006 -216 50, 620104007 -238 62, 620104100 -318 84, \
    620104101 -300 120, 620104102 -350 128, 620104103 -398 112, 620104104 -250 40, \
    620104204 -222 4, \
    620105001 -78 22, 620105002 -98 42, 620105003 -192 88, 620105004 -60 16, 620105005 -92 27, \
    620105006 -112 40, 620105007 -132 50, 620105008 -156 68, 620105100 -36 165, \
    620105101 -130 200, \
    620111001 -868 400, 620111003 -858 385, 620111004 -850 322, 620111101 -872 326, \
    620111102 -705 222, 620111103 -540 150, 620111104 -788 268, \
    620121100 -510 742, 620121101 -390 442, 620121102 -548 805, 620121103 -610 886, \
    620121104 -862 462, 620121105 -906 610, 620121106 -372 300, 620121109 -462 608, \
    620121110 -424 530, 620121111 -272 372, 620121113 -492 672, 620121114 -728 545, \
    620121201 -658 964, 620121202 -764 712, 620121204 -642 462, \
    620171101 -186 490, 620171102 -176 570, 620171104 -238 668, \
    620122100 108 302, 620122103 232 78, 620122105 46 232, 620122106 108 490, \
    620171103 -104 398, \
    620123100 250 -242, 620123101 315 -136, 620123102 398 -366, 620123103 226 -72, \
    620123104 122 -66, 620123105 448 -292, 620123106 408 266, 620123107 174 -132, \
    620123108 208 -208, 620123109 282 -402, 620123110 468 -32, 620123202 308 -292, \
    620123205 152 -368, 620123207 362 -256, 620123208 398 -446, 620123209 536 -136, \
    620123210 512 -182, 620123212 478 98, 620123213 534 152, 620123214 396 124";

/// A place from its hectometres east and north.
fn place(text: &str) -> Option<Xy> {
    let (x, y) = text.trim().split_once(' ')?;
    let metres = |text: &str| text.trim().parse().ok().map(|h: f64| h * 100.0);
    Some(Xy { x: metres(x)?, y: metres(y)? })
}

fn townships() -> impl Iterator<Item = (&'static str, Xy)> {
    TOWNSHIPS.split(',').filter_map(|line| {
        let (code, at) = line.trim().split_once(' ')?;
        Some((code, place(at)?))
    })
}

/// The rough middle of a township, where known.
pub(crate) fn township(code: &str) -> Option<Xy> {
    townships().find(|t| t.0 == code).map(|t| t.1)
}

/// The seats of townships outside the old town, and how far their streets reach, metres.
pub(crate) fn seats() -> impl Iterator<Item = (Xy, f64)> {
    townships().filter(|t| !t.0.starts_with("620102")).map(|(code, at)| {
        let reach_m = match code {
            "620171101" => 2500.0,
            "620171102" | "620171103" => 1450.0,
            "620121100" | "620123100" | "620122100" => 1650.0,
            "620123104" | "620111101" | "620111004" => 1500.0,
            "620123101" | "620123107" => 1250.0,
            "620111001" | "620111003" | "620103102" | "620103006" => 1000.0,
            // The seventh digit tells a subdistrict, a town and a township apart.
            _ => match code.as_bytes().get(6) {
                Some(b'0') => 900.0,
                Some(b'1') => 620.0,
                _ => 420.0,
            },
        };
        (at, reach_m)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_the_districts_make_the_city() {
        let sum = |of: fn(&District) -> u64| DISTRICTS.iter().map(of).sum::<u64>();
        assert_eq!(sum(|d| d.grids as u64), 4417);
        assert_eq!(sum(|d| d.buildings as u64), 120_000);
        assert_eq!(sum(|d| d.addresses), 2_729_000);
        assert_eq!(sum(|d| d.people), 4_578_000);
        assert_eq!(sum(|d| d.entities as u64), 135_000);
        assert_eq!(sum(|d| d.workers as u64), 18_000);
    }

    #[test]
    fn every_township_lies_in_or_near_its_district() {
        assert_eq!(townships().count(), 114);
        for (code, at) in townships() {
            let district = match code {
                "620171103" => "620122",
                _ if code.starts_with("620171") => "620121",
                _ => code.get(..6).expect("codes have nine digits"),
            };
            let district = DISTRICTS.iter().find(|d| d.code == district).expect("a known district");
            assert!(
                -400.0 < district.outline().depth_m(at),
                "{code} lies outside {}",
                district.name
            );
        }
    }
}
