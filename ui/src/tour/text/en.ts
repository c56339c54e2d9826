/** The guided tour of the demonstration. */
export default {
  tour: {
    title: 'Tour of the demonstration',
    key: 'tour of the demonstration: open or leave',
    at: 'step {at} of {of}',
    back: 'Back',
    next: 'Next',
    end: 'End',
    leave: 'Leave the tour',
    go: 'Go there',
    unknown: 'no data for the moment',
    step: {
      duty: { title: 'Duty desk', text: 'The night shift begins here: whose matter it is and how long it has waited; colleagues act after twenty seconds.' },
      station: { title: 'Station', text: 'Rain, then a rising river: readings come in by their protocol, and what passes a line becomes a finding.' },
      warning: { title: 'Warning', text: 'A finding proposes a warning, two persons stand behind it before it is issued, and each link shows its grounds.' },
      incident: { title: 'Incident', text: 'An issued warning becomes an incident; tasks go to persons, are accepted in time and reported done.' },
      sources: { title: 'Sources', text: 'Stations, gateways and mines each have a door of their own; what was taken and what was refused stands here.' },
      map: { title: 'Map', text: 'Stations, enterprises and warnings lie on one map, and its time can be drawn back.' },
    },
    now: {
      duty: { there: 'Notices so far: {count}.', yet: 'No notice yet; there will be one within a minute or so.' },
      station: { there: '{name} stands at {value} m.', yet: 'This station has not reported a stage yet.' },
      warning: { issued: 'Issued: {title}.', there: 'Not issued yet: {title}.', yet: 'There is no warning yet.' },
      incident: { there: '{number} {title}.', yet: 'No incident yet: it comes after a warning is issued.' },
      sources: { there: 'How long a source has been silent matters more than any one number.' },
      map: { there: 'Warnings in force: {count}.', yet: 'No warning is in force yet.' },
    },
  },
}
