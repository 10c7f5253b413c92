import { describe, expect, it } from 'vitest'
// @ts-expect-error plain scripts without types
import { communityKind, shortName, toCsv, townshipKind } from '../scripts/divisions.mjs'
// @ts-expect-error plain scripts without types
import { foreignAddresses } from '../scripts/offline.mjs'

describe('the list of divisions', () => {
  it('tells kinds by the bureau’s numbering', () => {
    expect(['620102001', '620121100', '620121201', '620102402'].map(townshipKind)).toEqual(['subdistrict', 'town', 'township', 'special'])
    expect(['620102001001', '620121100201', '620102400401', '620102400501'].map(communityKind)).toEqual(['community', 'village', 'community', 'village'])
  })
  it('shortens names to what maps print', () => {
    expect(shortName('畅家巷社区居委会', 'community')).toBe('畅家巷社区')
    expect(shortName('水磨沟居民委员会', 'community')).toBe('水磨沟社区')
    expect(shortName('马滩村村民委员会', 'village')).toBe('马滩村')
    expect(shortName('清水桥村委会', 'village')).toBe('清水桥村')
    expect(shortName('滩尖子村社区', 'community')).toBe('滩尖子村社区')
    expect(shortName('甘肃农垦集团虚拟生活区', 'community')).toBe('甘肃农垦集团虚拟生活区')
  })
  it('is written with a head and a line each', () => {
    expect(toCsv([{ code: '620100000000', name: '兰州市', kind: 'city', parent_code: '' }])).toBe('code,name,kind,parent_code\n620100000000,兰州市,city,\n')
  })
})

describe('the offline check', () => {
  it('finds addresses that would be fetched', () => {
    expect(foreignAddresses('fetch("https://tiles.example.com/a.png")', '.js')).toEqual(['https://tiles.example.com/a.png'])
    expect(foreignAddresses('<link href="http://fonts.example.org/x.css">', '.html')).toHaveLength(1)
    expect(foreignAddresses('a{background:url(https://x.example.com/y)}', '.css')).toHaveLength(1)
  })
  it('passes names and comments', () => {
    expect(foreignAddresses('/* https://example.com */ const ns = "http://www.w3.org/2000/svg"', '.js')).toEqual([])
    expect(foreignAddresses('<svg xmlns="http://www.w3.org/2000/svg">', '.svg')).toEqual([])
  })
})
