/** Where a subject is looked at, and what whoever looks must hold. */
export interface SubjectPage {
  path: string
  needs: string
}

const PAGES: Record<string, { at: string; needs: string }> = {
  account: { at: '/iam/accounts?account=', needs: 'account.list' },
  person: { at: '/iam/accounts?account=', needs: 'account.list' },
  station: { at: '/monitor/hazard/stations/', needs: 'station.read' },
  warning: { at: '/warn/', needs: 'warning.read' },
  notice: { at: '/notices/', needs: 'notice.read' },
  incident: { at: '/command/incidents/', needs: 'incident.read' },
  task: { at: '/command/tasks/', needs: 'task.read' },
  intake: { at: '/command/intake/', needs: 'intake.read' },
}

/** The page of a subject, by its noun; `null` when it has none of its own. */
export function pageOfSubject(noun: string, id: string): SubjectPage | null {
  const page = PAGES[noun]
  return page ? { path: page.at + id, needs: page.needs } : null
}
