//! What a table of records makes: a struct and its reading for each, and the lists of a file.

macro_rules! records {
    ($($(#[doc = $doc:literal])+ $Name:ident $least:literal [$($key:ident)+] {
        $($field:ident: $Type:ty,)+
    })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $Name { $(pub $field: $Type,)+ }

            impl Record for $Name {
                const FIELDS: &'static [FieldInfo] = &[
                    $(FieldInfo { name: stringify!($field), kind: <$Type as Field>::KIND },)+
                ];
                const LEAST: usize = $least;

                fn read(fields: &[&str], mine: &str) -> Result<$Name, Fault> {
                    let mut fields = fields.iter().zip(Self::FIELDS);
                    $(let (text, info) = match fields.next() {
                        Some((text, info)) => (*text, Some(*info)),
                        None => ("", None),
                    };
                    let $field = <$Type as Field>::read(text, mine)
                        .map_err(|fault| match info {
                            Some(info) => fault.of(info),
                            None => fault,
                        })?;)+
                    Ok($Name { $($field,)+ })
                }

                fn texts(&self) -> Vec<String> {
                    vec![$(self.$field.text(),)+]
                }

                fn key(&self) -> String {
                    let parts = [$(self.$key.text(),)+];
                    parts.join(";")
                }
            }
        )+

        /// How a record is cut.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Shape {
            $($Name,)+
            /// No order is known: fields stay as they are.
            Raw,
        }

        /// The records of one file, each with its place in it, from 1 on.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Content {
            $($Name(Vec<(u32, $Name)>),)+
            /// Records whose order is not known, uncut.
            Raw(Vec<(u32, String)>),
        }

        impl Shape {
            pub const ALL: &'static [Shape] = &[$(Shape::$Name,)+ Shape::Raw];

            /// In the order of the wire; none of [`Shape::Raw`].
            pub fn fields(self) -> &'static [FieldInfo] {
                match self {
                    $(Shape::$Name => $Name::FIELDS,)+
                    Shape::Raw => &[],
                }
            }

            /// Fields that a record has at least.
            pub fn least(self) -> usize {
                match self {
                    $(Shape::$Name => $Name::LEAST,)+
                    Shape::Raw => 0,
                }
            }

            pub(super) fn empty(self) -> Content {
                match self {
                    $(Shape::$Name => Content::$Name(Vec::new()),)+
                    Shape::Raw => Content::Raw(Vec::new()),
                }
            }
        }

        impl Content {
            pub fn shape(&self) -> Shape {
                match self {
                    $(Content::$Name(_) => Shape::$Name,)+
                    Content::Raw(_) => Shape::Raw,
                }
            }

            pub fn len(&self) -> usize {
                match self {
                    $(Content::$Name(records) => records.len(),)+
                    Content::Raw(records) => records.len(),
                }
            }

            /// Reads one record and keeps it at the end.
            pub(super) fn push(
                &mut self,
                number: u32,
                record: &str,
                fields: &[&str],
                mine: &str,
            ) -> Result<(), Fault> {
                match self {
                    $(Content::$Name(records) => {
                        records.push((number, $Name::read(fields, mine)?));
                    })+
                    Content::Raw(records) => {
                        let fields: Vec<&str> = record.split(';').map(bare).collect();
                        records.push((number, fields.join(";")));
                    }
                }
                Ok(())
            }

            /// What the record at `index` is about; `None` where nothing is known of it.
            pub(super) fn key(&self, index: usize) -> Option<String> {
                match self {
                    $(Content::$Name(records) => Some(records.get(index)?.1.key()),)+
                    Content::Raw(_) => None,
                }
            }

            /// Puts the last record in the place of an earlier one; gives the earlier's number.
            pub(super) fn replace(&mut self, index: usize) -> u32 {
                match self {
                    $(Content::$Name(records) => records.swap_remove(index).0,)+
                    Content::Raw(records) => records.swap_remove(index).0,
                }
            }

            /// The number of a record and the texts of its fields, which are cut where
            /// the order is known.
            pub fn texts(&self, index: usize) -> Option<(u32, Vec<String>)> {
                match self {
                    $(Content::$Name(records) => {
                        records.get(index).map(|(number, record)| (*number, record.texts()))
                    })+
                    Content::Raw(records) => records.get(index).map(|(number, record)| {
                        (*number, record.split(';').map(str::to_owned).collect())
                    }),
                }
            }
        }
    };
}
