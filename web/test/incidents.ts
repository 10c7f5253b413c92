// Builders: a test names only what matters to it.
import type { Area, Level, WallIncident, WallStats } from '../src/api/schema.ts'

export function incident(seq: number, changes: Partial<WallIncident> = {}): WallIncident {
  return {
    seq, id: String(1_000 + seq), number: `N${seq}`, action: 'report', state: 'dispatched', level: 'grid', channel: 'hotline',
    category: { code: '0201', name: '道路破损' }, lng: 103.8, lat: 36.05, grid_id: 7, grid_code: '620102001001001',
    community_code: '620102001001', township_code: '620102001', district_code: '620102',
    reported_at: '2026-05-04T01:30:00Z', due_at: '2026-05-05T01:30:00Z', place: '酒泉路街道 · 畅家巷社区', ...changes,
  }
}

export function stats(seq: number, changes: Partial<WallStats> = {}): WallStats {
  return {
    as_of: '2026-05-04T01:00:00Z', seq, today: { received: 10, open: 4, closed: 6, overdue: 1 },
    by_channel: { hotline: 10 }, by_level: { grid: 4 }, by_category: [{ code: '0201', name: '道路破损', count: 10 }],
    open_by_division: { '620102': 4, '620102001': 4, '620102001001': 4 }, open_by_grid: { '7': 4 },
    hourly: Array.from({ length: 24 }, () => 0), workers_on_duty: 3, grids: 2, people: 100, synthetic: true, recent: [], open_points: [],
    ...changes,
  }
}

export function area(code: string, level: Level, parent: string | null, changes: Partial<Area> = {}): Area {
  return {
    code, level, kind: level, name: code, parent_code: parent, people: 1,
    label: { lng: 103.8, lat: 36 }, bbox: [103.7, 35.9, 103.9, 36.1], ...changes,
  }
}
