// The entries of the application that somebody may open. On a phone some stand in the bar below, the others under "me".

import { Aim, Calendar, Connection, DocumentAdd, Grid, House, List, OfficeBuilding, Operation, Setting, Tickets, User, Warning } from '@element-plus/icons-vue';
import { may } from './session';

export interface Entry {
  to: string;
  word: string; // key of its name
  icon: object;
  under: string[]; // paths that belong to this entry
  phone: boolean; // in the bar below on a phone
}

export function entries(): Entry[] {
  const all: (Entry | false)[] = [
    { to: '/today', word: 'today', icon: Calendar, under: ['/today'], phone: true },
    may('plan_read') && { to: '/plan', word: 'plan', icon: Grid, under: ['/plan', '/plans', '/measures'], phone: !may('ledger_read') },
    may('register_read') && { to: '/households', word: 'households', icon: House, under: ['/households', '/register'], phone: true },
    may('ledger_read') && { to: '/ledgers', word: 'ledgers', icon: Tickets, under: ['/ledgers', '/ledger-imports', '/policy', '/burden'], phone: true },
    may('ledger_read') && { to: '/rosters', word: 'rosters', icon: Connection, under: ['/rosters', '/roster-pairs', '/discrepancies', '/comparisons'], phone: false },
    may('register_read') && { to: '/findings', word: 'findings', icon: Warning, under: ['/findings', '/what-if'], phone: true },
    may('plan_read') && { to: '/goals', word: 'goals', icon: Aim, under: ['/goals'], phone: false },
    may('plan_read') && { to: '/workbench', word: 'workbench', icon: Operation, under: ['/workbench', '/units/'], phone: !may('ledger_read') },
    may('plan_import') && { to: '/imports', word: 'imports', icon: DocumentAdd, under: ['/imports'], phone: false },
    may('unit_manage') && { to: '/units', word: 'units', icon: OfficeBuilding, under: ['/units'], phone: false },
    may('user_manage') && { to: '/users', word: 'users', icon: User, under: ['/users'], phone: false },
    may('journal_read') && { to: '/journal', word: 'journal', icon: List, under: ['/journal'], phone: false },
    { to: '/settings', word: 'me', icon: Setting, under: ['/settings'], phone: true },
  ];
  return all.filter((entry) => entry !== false);
}
