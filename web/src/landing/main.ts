import '../shared/base.css'
import { createApp } from 'vue'
import { paintRoot } from '../shared/paint.ts'
import Landing from './Landing.vue'

paintRoot()
createApp(Landing).mount('#landing')
