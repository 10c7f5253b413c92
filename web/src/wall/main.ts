import 'maplibre-gl/dist/maplibre-gl.css'
import '../shared/base.css'
import './wall.css'
import { createApp } from 'vue'
import { paintRoot } from '../shared/paint.ts'
import Wall from './Wall.vue'

paintRoot()
createApp(Wall).mount('#wall')
