//! What a simulated station remembers, and how it answers from it.

use std::collections::BTreeMap;

use base::Timestamp;

use super::super::{
    Block, Body, Coding, Content, Element, ElementId, Function, Parameter, Section, Setting,
    StationAddress, StationClass, Value,
};
use super::StationConfig;

#[derive(Debug)]
pub(super) struct Memory {
    coding: Coding,
    address: StationAddress,
    class: StationClass,
    version: Vec<u8>,
    pub status: u32,
    pub password: u16,
    /// Changed by 49, in force once the centre has confirmed (§6.6.4.23).
    next_password: Option<u16>,
    /// The latest values by element, and when they were observed.
    latest: BTreeMap<ElementId, (Option<Timestamp>, Element)>,
    /// The last picture and the last manual text.
    picture: Option<Content>,
    manual: Option<Content>,
    /// Tables D.1 and D.4 as far as they were written, by lead byte and extension.
    basic: BTreeMap<(u8, Option<u8>), Parameter>,
    running: BTreeMap<(u8, Option<u8>), Parameter>,
    switches: BTreeMap<Function, Content>,
    /// How often each event of table 82 happened, ERC1 first.
    events: [u16; 32],
}

/// The events of table 82 that a simulated station can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    StorageCleared = 1,
    ParameterChanged = 2,
    PasswordChanged = 5,
    Sent = 16,
    Received = 17,
}

impl Memory {
    pub fn new(config: &StationConfig) -> Memory {
        Memory {
            coding: config.coding,
            address: config.address,
            class: config.class,
            version: config.version.clone().into_bytes(),
            status: 0x0000_0480,
            password: config.password,
            next_password: None,
            latest: BTreeMap::new(),
            picture: None,
            manual: None,
            basic: BTreeMap::new(),
            running: BTreeMap::new(),
            switches: BTreeMap::new(),
            events: [0; 32],
        }
    }

    pub fn count(&mut self, event: Event) {
        let counter = &mut self.events[event as usize - 1];
        *counter = counter.wrapping_add(1);
    }

    /// Keeps what a report says, for queries.
    pub fn remember(&mut self, function: Function, content: &Content) {
        match (function, content) {
            (Function::PICTURE, _) => self.picture = Some(content.clone()),
            (Function::MANUAL, _) => self.manual = Some(content.clone()),
            (_, Content::Report(sections)) => {
                for block in sections.iter().flat_map(|section| &section.blocks) {
                    for element in &block.elements {
                        if !matches!(element.value(), Value::Step(_)) && block.series.is_none() {
                            self.latest.insert(element.id, (block.observed, element.clone()));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// The centre has confirmed an answer of this function.
    pub fn confirm(&mut self, function: Function) {
        if function == Function::CHANGE_PASSWORD
            && let Some(password) = self.next_password.take()
        {
            self.password = password;
            self.count(Event::PasswordChanged);
        }
    }

    /// The address group and content of the answer; `None` where this station has none.
    pub fn answer(
        &mut self,
        function: Function,
        query: &Body,
        clock: Timestamp,
    ) -> Option<(Option<StationAddress>, Content)> {
        let address = self.address;
        let control = |content| Some((Some(address), content));
        match (function, &query.content) {
            (Function::QUERY_NOW, _) => Some((None, self.current(|_| true, clock)?)),
            (Function::QUERY_ELEMENTS, Content::Identifiers(wanted)) => {
                let is_wanted = |id| wanted.iter().any(|identifier| identifier.id == id);
                Some((None, self.current(is_wanted, clock)?))
            }
            (Function::PICTURE, _) => Some((None, self.picture.clone()?)),
            (Function::QUERY_MANUAL, _) => Some((None, self.manual.clone()?)),
            (Function::QUERY_VERSION, _) => control(Content::Version(self.version.clone())),
            (Function::QUERY_STATUS, _) => Some((None, self.status_report())),
            (Function::SET_CARD, Content::Parameters(parameters)) => {
                let bits = parameters.iter().find(|parameter| parameter.lead == 0x45)?;
                let Setting::Bits(bits) = bits.setting(function) else { return None };
                self.status = self.status & !CARD_BIT | bits & CARD_BIT;
                Some((None, self.status_report()))
            }
            (Function::SET_CLOCK | Function::QUERY_CLOCK, _) => control(Content::Bare),
            (Function::CLEAR_STORAGE, Content::Names(argument))
                if argument.iter().any(|identifier| identifier.id == ElementId::Lead(0x97)) =>
            {
                let answer = control(Content::Bare);
                self.latest.clear();
                self.count(Event::StorageCleared);
                (self.picture, self.manual) = (None, None);
                answer
            }
            (Function::FACTORY_RESET, Content::Names(argument))
                if argument.iter().any(|identifier| identifier.id == ElementId::Lead(0x98)) =>
            {
                let answer = control(Content::Bare);
                (self.basic, self.running) = (BTreeMap::new(), BTreeMap::new());
                answer
            }
            (Function::CHANGE_PASSWORD, Content::Parameters(parameters)) => {
                let [old, new] = &parameters[..] else { return None };
                if old.setting(function) != Setting::Password(self.password) {
                    return None;
                }
                let Setting::Password(password) = new.setting(function) else { return None };
                self.next_password = Some(password);
                control(Content::Parameters(vec![new.clone()]))
            }
            (Function::WRITE_BASIC, Content::Parameters(parameters)) => {
                store(&mut self.basic, parameters);
                self.count(Event::ParameterChanged);
                control(query.content.clone())
            }
            (Function::WRITE_RUNNING, Content::Parameters(parameters)) => {
                store(&mut self.running, parameters);
                self.count(Event::ParameterChanged);
                control(query.content.clone())
            }
            (Function::READ_BASIC, Content::Names(wanted)) => {
                let mut table = self.basic.clone();
                let password = Setting::Password(self.password);
                let password = Parameter::of(function, 0x03, &password, self.coding)?;
                table.insert((0x03, None), password);
                control(Content::Parameters(read(&table, wanted)))
            }
            (Function::READ_RUNNING, Content::Names(wanted)) => {
                control(Content::Parameters(read(&self.running, wanted)))
            }
            (
                Function::SWITCH_PUMPS
                | Function::SWITCH_VALVES
                | Function::SWITCH_GATES
                | Function::SET_QUOTA,
                state,
            ) if *state != Content::Bare => {
                let answer = control(state.clone());
                self.switches.insert(function, state.clone());
                answer
            }
            (Function::QUERY_EVENTS, _) => control(Content::Events(self.events)),
            _ => None,
        }
    }

    /// The latest values, one block for each observation time; `None` when there are none.
    fn current(&self, is_wanted: impl Fn(ElementId) -> bool, clock: Timestamp) -> Option<Content> {
        let mut blocks: BTreeMap<Timestamp, Vec<Element>> = BTreeMap::new();
        for (id, (observed, element)) in &self.latest {
            if is_wanted(*id) {
                blocks.entry(observed.unwrap_or(clock)).or_default().push(element.clone());
            }
        }
        let blocks: Vec<Block> = blocks
            .into_iter()
            .map(|(observed, elements)| Block {
                observed: Some(observed),
                elements,
                ..Block::default()
            })
            .collect();
        let (station, class) = (Some(self.address), Some(self.class));
        (!blocks.is_empty()).then_some(Content::Report(vec![Section { station, class, blocks }]))
    }

    fn status_report(&self) -> Content {
        let elements = vec![Element::status(self.status)];
        let blocks = vec![Block { elements, ..Block::default() }];
        Content::Report(vec![Section { station: Some(self.address), class: None, blocks }])
    }
}

/// Bit 9 of table 58, the only one that 4B may change.
const CARD_BIT: u32 = 1 << 9;

type Table = BTreeMap<(u8, Option<u8>), Parameter>;

fn store(table: &mut Table, parameters: &[Parameter]) {
    for parameter in parameters {
        table.insert((parameter.lead, parameter.extension), parameter.clone());
    }
}

fn read(table: &Table, wanted: &[super::super::Identifier]) -> Vec<Parameter> {
    let key = |id| match id {
        ElementId::Lead(lead) => Some((lead, None)),
        ElementId::User(extension) => Some((0xFF, Some(extension))),
        ElementId::Name(_) => None,
    };
    wanted.iter().filter_map(|identifier| table.get(&key(identifier.id)?).cloned()).collect()
}
